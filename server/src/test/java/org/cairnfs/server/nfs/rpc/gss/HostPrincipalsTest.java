package org.cairnfs.server.nfs.rpc.gss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.fs.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPrincipalsTest {
    private final List<String> asked = new ArrayList<>();
    private final HostPrincipals principals = new HostPrincipals(Set.of("EXAMPLE.ORG"), name -> {
        asked.add(name);
        return name.equals("ada") ? Optional.of(Credentials.of(1000, 100, 27)) : Optional.empty();
    });

    @Test
    void usersOfTheRealmAreThoseOfTheHostAndAskedForOnce() {
        for (int i = 0; i < 3; i++) {
            assertThat(principals.find("ada@EXAMPLE.ORG")).contains(Credentials.of(1000, 100, 27));
            assertThat(principals.find("bob@EXAMPLE.ORG")).isEmpty();
        }
        assertThat(asked).containsExactly("ada", "bob");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host/a.example.org@EXAMPLE.ORG", "nfs/a@EXAMPLE.ORG", "root/a@EXAMPLE.ORG"})
    void machinesAreRoot(String machine) {
        assertThat(principals.find(machine)).contains(Credentials.ROOT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@ELSEWHERE.ORG",
                "ada",
                "ada@",
                "@EXAMPLE.ORG",
                "ada/admin@EXAMPLE.ORG",
                "0@EXAMPLE.ORG",
                "+0@EXAMPLE.ORG",
                "-u@EXAMPLE.ORG",
                "1000@EXAMPLE.ORG",
                "ada bob@EXAMPLE.ORG",
                "a\\@b@EXAMPLE.ORG",
                "HOST$@EXAMPLE.ORG",
                "http/a@EXAMPLE.ORG",
                "host/@EXAMPLE.ORG",
                "host/a/b@EXAMPLE.ORG",
                "ada@EXAMPLE.ORG@EXAMPLE.ORG",
                "ada@EXAMPLE.ORG\n"
            })
    void allOthersAreNobodyAndNotEvenAskedFor(String principal) {
        assertThat(principals.find(principal)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void numbersAreWhatIdPrints() {
        assertThat(HostPrincipals.parse("1000\n", "100 27 4294967294\n")).contains(Credentials.of(1000, 100, 27, -2));
        assertThat(HostPrincipals.parse("0", "0")).contains(Credentials.ROOT);
        for (String wrong : List.of("", " ", "x", "1 x", "-1", "4294967296")) {
            assertThat(HostPrincipals.parse("1", wrong))
                    .as("groups '%s'", wrong)
                    .isEmpty();
            assertThat(HostPrincipals.parse(wrong, "1")).as("user '%s'", wrong).isEmpty();
        }
    }

    @Test
    void theHostKnowsRoot() {
        assertThat(new HostUsers().find("root").orElseThrow().uid()).isZero();
        assertThat(new HostUsers().find("no-such-user-here")).isEmpty();
    }
}
