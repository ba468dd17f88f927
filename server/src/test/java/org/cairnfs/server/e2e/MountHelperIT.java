package org.cairnfs.server.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.cli.Main;
import org.cairnfs.server.testing.CairnProcess.Launcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mounting as an administrator does it, by mount(8) and fstab with the helper of {@code scripts}; and what is said where a mount is not possible. Each script runs
 * in a mount namespace of its own, in which the helper is installed and things of the machine are missing.
 */
@Timeout(600)
class MountHelperIT {
    private static final Path HELPER =
            Path.of("..", "scripts", "mount.fuse.cairn").toAbsolutePath().normalize();

    @TempDir
    private Path home;

    private Launcher cairn;
    private Path command;
    private Path directory;
    private String url;

    @BeforeEach
    void makeFileSystem() throws Exception {
        Tools.requireRoot();
        Tools.requireThat(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
        Tools.require("fusermount", "package fuse3");
        Tools.require("unshare", "package util-linux");
        Tools.require("setpriv", "package util-linux");
        url = "local://" + home.resolve("store");
        directory = Files.createDirectory(home.resolve("mounted"));
        cairn = Launcher.of(home, Main.class.getName());
        assertThat(cairn.run("mkfs", "--plain", url).code()).isZero();
        writeCommand(System.getProperty("java.class.path"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void writeCommand(String classPath) throws IOException {
        String script = "#!/bin/sh\nexport HOME=" + home + "\nexec "
                + Path.of(System.getProperty("java.home"), "bin", "java")
                + " -Xmx256m -cp '" + classPath + "' " + Main.class.getName() + " \"$@\"\n";
        command = Files.writeString(home.resolve("cairn"), script);
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Another user may not see the folders of the one who builds: so the command runs a copy of the program that lies beside it. */
    private void letAnotherUserRunIt() throws Exception {
        Path copy = Files.createDirectory(home.resolve("program"));
        List<String> copied = new ArrayList<>();
        for (String entry : Splitter.on(File.pathSeparatorChar).split(System.getProperty("java.class.path"))) {
            Path target = copy.resolve(copied.size() + "-" + Path.of(entry).getFileName());
            if (Files.exists(Path.of(entry))) {
                assertThat(new ProcessBuilder("cp", "-rL", entry, target.toString())
                                .inheritIO()
                                .start()
                                .waitFor())
                        .isZero();
                copied.add(target.toString());
            }
        }
        assertThat(new ProcessBuilder("chmod", "-R", "a+rX", copy.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        writeCommand(String.join(File.pathSeparator, copied));
    }

    /** A server that a failed test has left. */
    @AfterEach
    void stop() throws Exception {
        if (cairn != null) {
            cairn.run("stop");
        }
    }

    /** What a script says whose mounts are its own. */
    private String inNamespace(String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("unshare", "-m", "--propagation", "private", "bash", "-c", script)
                .directory(home.toFile())
                .redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("CAIRN", command.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said;
    }

    /** Commands that install the helper, in place of the directory of the machine, which is left as it is. */
    private static String installed() {
        return "set -e; sbin=$(readlink -f /sbin); mkdir old new; mount --bind $sbin old;"
                + " for f in old/*; do ln -s $PWD/$f new/; done; ln -s " + HELPER + " new/mount.fuse.cairn; ln -s "
                + HELPER + " new/umount.fuse.cairn; mount --bind new $sbin; ";
    }

    /** Takes the state away, so that what is read is what the store has. */
    private String fromTheStore(String path) throws Exception {
        Path state = home.resolve(".local");
        if (Files.exists(state)) {
            Files.move(state, home.resolve("state of before"));
        }
        return cairn.run("cat", url, path).out();
    }

    @Test
    void mountAndUmountKnowTheType() throws Exception {
        assertThat(inNamespace(
                        installed() + "mount -t fuse.cairn " + url + " mounted -o ro,noauto,port=0 -f; ls mounted;"
                                + " mount -t fuse.cairn " + url
                                + " mounted -o allow_other,nofail,fuse-timeout=2s,metrics-port=0;"
                                + " echo text >mounted/file; grep -c \"$PWD/mounted fuse.cairn .*allow_other\" /proc/self/mounts;"
                                + " umount mounted; ls mounted; echo end"))
                .contains("Mounted on " + directory, "\n1\n", "everything is in the object store")
                .endsWith("\nend\n");
        assertThat(fromTheStore("/file")).endsWith("text\n");
    }

    @Test
    void fstabNamesItWithItsOptions() throws Exception {
        Files.writeString(
                home.resolve("fstab"),
                url + " " + directory
                        + " fuse.cairn noauto,allow_other,metrics-port=0,_netdev,x-systemd.automount 0 0\n");
        assertThat(inNamespace(installed() + "mount -T fstab " + directory
                        + "; echo text >mounted/file; umount mounted;"
                        + " mount -T fstab " + directory
                        + " -o ro; cat mounted/file; touch mounted/other || umount mounted;"
                        + " echo end"))
                .contains("\ntext\n", "Read-only file system")
                .endsWith("\nend\n");
    }

    @Test
    void theHelperRefusesWhatItCannotDo() throws Exception {
        for (String option : new String[] {"suid", "noexec", "remount", "sync"}) {
            assertThat(inNamespace(HELPER + " " + url + " mounted -o ro," + option + "; echo $?"))
                    .isEqualTo("mount.fuse.cairn: the option " + option + " is not possible\n2\n");
        }
        assertThat(inNamespace(HELPER + " " + url + " mounted -o no-such; echo $?"))
                .contains("--no-such")
                .endsWith("\n2\n");
    }

    /** A directory of devices without /dev/fuse, in place of the machine's. */
    private static final String NO_DEVICES = "mkdir dev; mount -t tmpfs none dev; for d in null zero random urandom; do"
            + " touch dev/$d; mount --bind /dev/$d dev/$d; done; mount --move dev /dev; ";

    @Test
    void whatIsMissingIsSaid() throws Exception {
        letAnotherUserRunIt();
        String mount = "$CAIRN mount " + url + " mounted --metrics-port 0; echo $?";
        assertThat(inNamespace(NO_DEVICES + mount))
                .contains("there is no /dev/fuse", "NFS")
                .endsWith("\n50\n");
        assertThat(inNamespace("for l in $(/sbin/ldconfig -p | sed -n 's/.*libfuse\\.so\\.2.* => //p'); do"
                        + " mount --bind /dev/null $l; done; " + mount))
                .contains("libfuse 2", "libfuse2 and fuse3")
                .endsWith("\n50\n");
        assertThat(inNamespace("setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin sh -c '" + mount + "'"))
                .contains("SYS_ADMIN", "--cap-add")
                .endsWith("\n39\n");
        assertThat(inNamespace("chown -R 1000 .; mknod fuse c 10 229; chmod 600 fuse; mount --bind fuse /dev/fuse; "
                        + asUser(mount)))
                .contains("this user may not open /dev/fuse")
                .endsWith("\n39\n");
    }

    private static String asUser(String script) {
        return "setpriv --reuid 1000 --regid 1000 --clear-groups bash -c '" + script + "'";
    }

    @Test
    void anotherUserMountsByFusermount() throws Exception {
        letAnotherUserRunIt();
        String mount = "$CAIRN mount " + url + " mounted --metrics-port 0";
        String devices =
                "[ -e fuse ] || mknod fuse c 10 229; chmod 666 fuse; mount --bind fuse /dev/fuse; chown -R 1000 .;"
                        + " >fuse.conf; [ ! -e /etc/fuse.conf ] || mount --bind fuse.conf /etc/fuse.conf; ";
        assertThat(inNamespace(devices + asUser(mount + " --allow-other; echo $?")))
                .contains("user_allow_other", "/etc/fuse.conf")
                .endsWith("\n39\n");
        String another = "local://" + home.resolve("another");
        assertThat(cairn.run("mkfs", "--plain", another).code()).isZero();
        assertThat(inNamespace(mount + "; mkdir -m 777 mounted/d; $CAIRN umount mounted; " + devices
                        + asUser(mount + " && echo mine >mounted/d/file; stat -c %u mounted/d/file")
                        + "; cat mounted/d/file; $CAIRN mount " + another + " mounted; echo $?; "
                        + asUser("cat mounted/d/file; $CAIRN umount mounted; ls mounted; echo end")))
                .contains("\n1000\ncat: mounted/d/file: Permission denied", "already", "\n36\nmine\n")
                .endsWith("everything is in the object store.\nend\n");
    }

    @Test
    void aDeadMountIsTakenAwayHoweverLongTheKernelBelieves() throws Exception {
        try (MountedServer mount =
                new MountedServer(Files.createDirectory(home.resolve("dead")), "--fuse-timeout=1h")) {
            mount.run("stat . >stat");
            mount.server().kill9();
            mount.start();
            assertThat(mount.run("ls")).isEqualTo("stat\n");
            assertThat(cairn.run("mount", url, mount.mounted().toString()).err())
                    .contains("mounted on", "already");
            assertThat(mount.run("ls")).isEqualTo("stat\n");
        }
    }

    @Test
    void aSignalUnmountsAndUploads() throws Exception {
        try (MountedServer mount = new MountedServer(Files.createDirectory(home.resolve("signal")))) {
            mount.run("echo text >file");
            Process user = MountedServer.start(mount.mounted(), "sleep", "3600");
            assertThat(mount.server().terminate().code()).isZero();
            user.destroyForcibly().waitFor();
            assertThat(mount.mounted()).isEmptyDirectory();
            Files.move(home.resolve("signal/.local"), home.resolve("state of the server"));
            assertThat(mount.cairn().run("cat", mount.url(), "/file").out()).endsWith("text\n");
        }
    }
}
