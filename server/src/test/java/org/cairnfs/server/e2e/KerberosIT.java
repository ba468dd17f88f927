package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.testing.Kdc;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kerberos as the Linux client does it, with rpc.gssd and a real KDC: each version of NFS, each flavour, a user and the root of the machine. */
class KerberosIT {
    /** The guest's set-up: a KDC at the host's address, the machine's keytab, rpc.gssd. */
    private static final String SET_UP = """
            echo "$NFS_SERVER cairn.test" >>/etc/hosts
            hostname client.test
            sed "s/127.0.0.1/$NFS_SERVER/" /mnt/host/krb5.conf >/etc/krb5.conf
            printf '[domain_realm]\\n cairn.test = CAIRN.TEST\\n' >>/etc/krb5.conf
            install -m 600 /mnt/host/machine.keytab /etc/krb5.keytab
            modprobe rpcsec_gss_krb5
            mkdir -p /run/rpc_pipefs && mount -t rpc_pipefs sunrpc /run/rpc_pipefs
            rpc.gssd -p /run/rpc_pipefs
            export KRB5CCNAME=FILE:/tmp/krb5cc_5
            install -m 600 -o games /mnt/host/user.keytab /tmp/user.keytab
            setpriv --reuid games --clear-groups kinit -k -t /tmp/user.keytab games
            mkdir -p /mnt/k
            m() {
                local o=vers=$1,sec=$2,port=$NFS_PORT,proto=tcp
                test $1 != 3 || o=$o,nolock,mountproto=tcp,mountport=$NFS_PORT
                mount -t nfs -o $o cairn.test:/ /mnt/k
            }
            """;

    @RegisterExtension
    final RealServer server = new RealServer();

    @Test
    void usersAndMachinesWithTickets() throws Exception {
        NfsClient.require();
        Kdc.require();
        Tools.require("kinit", "package krb5-user");
        Tools.require("rpc.gssd", "package nfs-common");
        Path folder = Files.createDirectory(server.path("kdc"));
        try (Kdc kdc = Kdc.start(folder, "", "0.0.0.0")) {
            Path keytab = kdc.keytab("server.keytab", "nfs/cairn.test");
            Files.copy(
                    kdc.keytab("machine.keytab", "nfs/client.test"),
                    server.share().resolve("machine.keytab"));
            Files.copy(kdc.keytab("user.keytab", "games"), server.share().resolve("user.keytab"));
            Files.copy(kdc.config(), server.share().resolve("krb5.conf"));
            Files.writeString(server.path("conf"), "keytab = " + keytab + "\n", StandardOpenOption.APPEND);
            Files.writeString(server.path("exports"), "/ *(rw,insecure,no_root_squash,sec=krb5p:krb5i:krb5)\n");
            server.start();
            String said = Guest.run(server, server.client().with("--no-mount"), SET_UP + """
                    for how in "4.2 krb5p" "4.1 krb5i" "4.0 krb5" "3 krb5p"; do
                        m $how
                        d="/mnt/k/$how"
                        mkdir -m 777 "$d"; echo "by root" >"$d/root"
                        setpriv --reuid games --clear-groups sh -c 'echo "by games" >"$1/games"' - "$d"
                        ! setpriv --reuid games --clear-groups sh -c 'echo x >"$1/root"' - "$d" 2>/dev/null
                        ! setpriv --reuid news --clear-groups ls "$d" 2>/dev/null
                        dd if=/dev/urandom of=/tmp/random bs=1M count=3 status=none
                        cp /tmp/random "$d/big"; echo 3 >/proc/sys/vm/drop_caches; cmp /tmp/random "$d/big"
                        stat -c '%n %u' "$d"/[gr]*
                        umount /mnt/k
                    done
                    ! m 4.1 sys 2>/dev/null
                    mount -t nfs -o port=$NFS_PORT,proto=tcp cairn.test:/ /mnt/k
                    grep -o 'sec=[a-z0-9]*' <<<"$(grep /mnt/k /proc/mounts)"
                    """);
            assertThat(said.lines())
                    .containsExactly(
                            "/mnt/k/4.2 krb5p/games 5",
                            "/mnt/k/4.2 krb5p/root 0",
                            "/mnt/k/4.1 krb5i/games 5",
                            "/mnt/k/4.1 krb5i/root 0",
                            "/mnt/k/4.0 krb5/games 5",
                            "/mnt/k/4.0 krb5/root 0",
                            "/mnt/k/3 krb5p/games 5",
                            "/mnt/k/3 krb5p/root 0",
                            "sec=krb5p");
        }
    }
}
