package org.cairnfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The kernel's table of mounts. */
class MountTableTest {
    private static final String TABLE = """
        22 27 0:20 / /proc rw,nosuid shared:5 - proc proc rw
        90 27 0:39 / /mnt/with\\040space rw,nosuid,nodev - fuse.cairn local:///a\\134b rw,user_id=0
        91 27 0:40 / /mnt/b rw master:1 propagate_from:2 - ext4 /dev/sda rw
        a line of a later kernel
        """;

    @Test
    void readsDirectoryTypeAndSource() {
        assertThat(MountTable.parse(TABLE))
                .containsExactly(
                        new MountTable.Mounted("/proc", "proc", "proc"),
                        new MountTable.Mounted("/mnt/with space", "fuse.cairn", "local:///a\\b"),
                        new MountTable.Mounted("/mnt/b", "ext4", "/dev/sda"));
    }

    @Test
    void knowsOurs() {
        assertThat(MountTable.parse(TABLE).stream()
                        .filter(MountTable.Mounted::isOurs)
                        .toList())
                .hasSize(1);
    }

    @Test
    void findsWhatIsMountedHere() throws Exception {
        assertThat(MountTable.on(Path.of("/proc")))
                .map(MountTable.Mounted::type)
                .contains("proc");
        assertThat(MountTable.on(Path.of("/proc/none"))).isEmpty();
    }

    @Test
    void optionsAreEscaped() {
        MountOptions options = MountOptions.of(Path.of("/mnt"), "s3://a,b\\c");
        assertThat(options.text()).endsWith("fsname=s3://a\\,b\\\\c").contains("default_permissions");
        assertThat(options.withAllowOther(true).withReadOnly(true).text()).endsWith(",allow_other,ro");
    }
}
