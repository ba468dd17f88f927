package org.cairnfs.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CipherWarmUpTest {
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void itEndsByItselfAndDoesNotKeepTheProcess() throws Exception {
        Thread thread = CipherWarmUp.start();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(CipherWarmUp.start()).as("once in a process").isSameAs(thread);
        thread.join();
        CipherWarmUp.run();
    }
}
