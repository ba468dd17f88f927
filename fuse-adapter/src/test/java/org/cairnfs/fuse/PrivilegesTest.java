package org.cairnfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PrivilegesTest {
    private static final String ROOT =
            "Name:\tjava\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nCapPrm:\t000001ffffffffff\nCapEff:\t000001ffffffffff\n";

    @Test
    void rootMayMount() throws Exception {
        assertThat(Privileges.parse(ROOT).isRoot()).isTrue();
        assertThat(Privileges.parse(ROOT).mayMount()).isTrue();
    }

    @Test
    void rootOfAContainerMayNotWithoutTheCapability() throws Exception {
        Privileges contained = Privileges.parse(ROOT.replace("CapEff:\t000001ffffffffff", "CapEff:\t00000000a80425fb"));
        assertThat(contained.isRoot()).isTrue();
        assertThat(contained.mayMount()).isFalse();
    }

    @Test
    void theEffectiveUserCounts() throws Exception {
        Privileges user = Privileges.parse("Uid:\t0\t1000\t0\t0\nCapEff:\t0000000000000000\n");
        assertThat(user.isRoot()).isFalse();
        assertThat(user.mayMount()).isFalse();
    }

    @Test
    void aStatusThatSaysNothingIsAnError() {
        assertThatThrownBy(() -> Privileges.parse("Name:\tjava\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Uid");
    }
}
