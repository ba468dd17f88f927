package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FatalErrorsTest {
    @Test
    void memoryAndTheJvmAreFatal() {
        assertThat(FatalErrors.isFatal(new OutOfMemoryError())).isTrue();
        assertThat(FatalErrors.isFatal(new InternalError())).isTrue();
    }

    @Test
    void bugsAreNot() {
        assertThat(FatalErrors.isFatal(new NullPointerException())).isFalse();
        assertThat(FatalErrors.isFatal(new StackOverflowError())).isFalse();
        assertThat(FatalErrors.isFatal(new AssertionError())).isFalse();
        assertThat(FatalErrors.isFatal(new ExceptionInInitializerError())).isFalse();
    }
}
