package org.cairnfs.server.nfs.v4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NfsStatusTest {
    @Test
    void everyCodeIsItsOwnAndIsFoundAgain() {
        assertThat(Arrays.stream(NfsStatus.values()).map(NfsStatus::code)).doesNotHaveDuplicates();
        for (NfsStatus status : NfsStatus.values()) {
            assertThat(NfsStatus.ofCode(status.code())).contains(status);
        }
    }

    @Test
    void numbersOfTheRfcs() {
        assertThat(NfsStatus.DQUOT.code()).isEqualTo(69);
        assertThat(NfsStatus.CB_PATH_DOWN.code()).isEqualTo(10048);
        assertThat(NfsStatus.DELEG_REVOKED.code()).isEqualTo(10087);
        assertThat(NfsStatus.OFFLOAD_NO_REQS.code()).isEqualTo(10094);
        assertThat(NfsStatus.XATTR2BIG.code()).isEqualTo(10096);
        assertThat(NfsStatus.ofCode(10073)).isEmpty();
    }

    @Test
    void anExceptionHasAnErrorAndNoStackTrace() {
        assertThat(new NfsException(NfsStatus.STALE).getStackTrace()).isEmpty();
        assertThatThrownBy(() -> new NfsException(NfsStatus.OK)).isInstanceOf(IllegalArgumentException.class);
    }
}
