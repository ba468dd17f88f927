package org.cairnfs.server.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetgroupsTest {
    private static final FixedResolver RESOLVER = new FixedResolver(
            Map.of("build.example.org", "10.0.0.9"),
            Map.of(
                    "builders", Netgroups.parse("builders (BUILD,-,) (-,alice,)"),
                    "numbers", Netgroups.parse("numbers (10.0.0.8,,)"),
                    "all", Netgroups.parse("all ( ,alice,nis)")));

    @Test
    void hostsAreTakenFromTriples() {
        assertThat(Netgroups.parse("g (a,,) (B.example.org, u ,d)(-,x,) ( c ,,)"))
                .containsExactlyInAnyOrder("a", "b.example.org", "c");
        assertThat(Netgroups.parse("g (,alice,)")).containsExactly(HostResolver.ANY_HOST);
        assertThat(Netgroups.parse("")).isEmpty();
        assertThat(Netgroups.parse("g (a,b) a,b,c")).isEmpty();
    }

    @Test
    void clientsMatchByNameFirstPartOrAddress() {
        assertThat(matches("builders", "10.0.0.9")).isTrue();
        assertThat(matches("builders", "10.0.0.8")).isFalse();
        assertThat(matches("numbers", "10.0.0.8")).isTrue();
        assertThat(matches("all", "192.0.2.1")).isTrue();
        assertThat(matches("unknown", "10.0.0.9")).isFalse();
    }

    private static boolean matches(String group, String client) {
        return new ClientPattern.Netgroup(group).matches(InetAddresses.forString(client), RESOLVER);
    }

    @Test
    void aGroupThatThisMachineDoesNotKnowHasNoHosts() {
        assertThat(HostResolver.ofSystem().netgroup("no-such-netgroup-here")).isEmpty();
    }
}
