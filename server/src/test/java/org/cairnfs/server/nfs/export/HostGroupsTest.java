package org.cairnfs.server.nfs.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.gss.HostUsers;
import org.junit.jupiter.api.Test;

class HostGroupsTest {
    private final List<String> asked = new ArrayList<>();

    /** More than AUTH_SYS has room for; asked once for many calls. */
    @Test
    void theHostsGroupsTakeThePlaceOfThoseThatAreTold() {
        int[] many = IntStream.range(1_000, 1_100).toArray();
        HostGroups groups = new HostGroups(name -> {
            asked.add(name);
            return name.equals("+1000") ? Optional.of(Credentials.of(1000, 100, many)) : Optional.empty();
        });
        for (int i = 0; i < 3; i++) {
            Credentials known = groups.apply(Credentials.of(1000, 50, 1, 2));
            assertThat(known.uid()).isEqualTo(1000);
            assertThat(known.gid())
                    .as("what the client runs as, e.g. by newgrp(1)")
                    .isEqualTo(50);
            assertThat(known.groups().length()).isEqualTo(101);
            assertThat(known.groups().contains(100)).isTrue();
            assertThat(known.groups().contains(1_099)).isTrue();
            assertThat(known.groups().contains(1)).isFalse();
        }
        assertThat(groups.apply(Credentials.of(-2, 50, 1, 2))).isEqualTo(Credentials.of(-2, 50));
        assertThat(asked).containsExactly("+1000", "+4294967294");
    }

    @Test
    void thisHostKnowsItsRoot() {
        HostGroups groups = new HostGroups(new HostUsers());
        assertThat(groups.apply(Credentials.of(0, 7)).groups().contains(0)).isTrue();
        assertThat(groups.apply(Credentials.of(1_999_999_999, 7)).groups().isEmpty())
                .isTrue();
    }
}
