package org.cairnfs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void whyAFileCannotBeReadIsSaidInWords() {
        assertThat(Failures.reason(new AccessDeniedException("/root/exports"))).isEqualTo("permission denied");
        assertThat(Failures.reason(new NoSuchFileException("/none"))).isEqualTo("no such file or folder");
        assertThat(Failures.reason(new IOException())).isEqualTo("IOException");
    }

    @Test
    void filesByTheirReason() {
        CairnException full =
                Failures.ofFile("cannot write x", new FileSystemException("x", null, "No space left on device"));
        assertThat(full.exitCode()).isEqualTo(ExitCode.DISK_FULL);
        assertThat(full.toLine())
                .isEqualTo("cannot write x: No space left on device; free some space there, then try again");
        assertThat(Failures.ofFile("d", new AccessDeniedException("x")).toLine())
                .contains("permission denied");
        assertThat(Failures.ofFile("d", new NoSuchFileException("x")).exitCode())
                .isEqualTo(ExitCode.STATE_UNUSABLE);
        assertThat(Failures.ofFile("d", new IOException()).toLine()).isEqualTo("d: IOException");
        assertThat(Failures.ofFile("d", new FileSystemException("x", null, "Read-only file system"))
                        .advice())
                .contains("can be written");
    }

    @Test
    void aFullDiskIsFoundBelowOtherFailures() {
        IOException full = new IOException("Disk quota exceeded");
        assertThat(Failures.isDiskFull(new IllegalStateException("a", new IOException("b", full))))
                .isTrue();
        assertThat(Failures.isDiskFull(new IllegalStateException("No space left on device")))
                .isFalse();
        assertThat(Failures.isDiskFull(new IOException("other"))).isFalse();
    }

    @Test
    void addressesByTheirReason() {
        InetSocketAddress address = InetSocketAddress.createUnresolved("host", 111);
        assertThat(Failures.ofListen(address, new BindException("Address already in use"))
                        .exitCode())
                .isEqualTo(ExitCode.PORT_IN_USE);
        assertThat(Failures.ofListen(address, new BindException("Permission denied"))
                        .toLine())
                .contains("only root", "from 1024");
        assertThat(Failures.ofListen(address, new BindException("Cannot assign requested address"))
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }
}
