package org.cairnfs.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.testkit.Tools;

/** A Kerberos KDC of Debian in a folder of its own ({@code scripts/kdc}), for the realm {@value #REALM}. For one thread. */
public final class Kdc implements AutoCloseable {
    public static final String REALM = "CAIRN.TEST";

    private final Path folder;

    private Kdc(Path folder) {
        this.folder = folder;
    }

    /** Skips the test, or fails it, where there is no KDC. */
    public static void require() {
        Tools.require("krb5kdc", "package krb5-kdc");
        Tools.require("kadmin.local", "package krb5-admin-server");
    }

    /** Starts one on a free port of loopback. */
    public static Kdc start(Path folder) throws Exception {
        return start(folder, "", "127.0.0.1");
    }

    /** Starts one on a port, empty for a free one, of an address. */
    public static Kdc start(Path folder, String port, String address) throws Exception {
        Kdc kdc = new Kdc(folder);
        kdc.run("start", folder.toString(), port, address);
        return kdc;
    }

    /** The krb5.conf for clients. */
    public Path config() {
        return folder.resolve("krb5.conf");
    }

    /** The port that it answers at. */
    public int port() throws IOException {
        String config = Files.readString(config());
        return Integer.parseInt(config.replaceAll("(?s).*kdc = 127\\.0\\.0\\.1:(\\d+).*", "$1"));
    }

    /** Makes principals, and a keytab with their keys. */
    public Path keytab(String name, String... principals) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("keytab", folder.toString(), folder.resolve(name).toString()));
        arguments.addAll(List.of(principals));
        run(arguments.toArray(String[]::new));
        return folder.resolve(name);
    }

    private void run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(NfsClient.repository().resolve("scripts/kdc").toString()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("script.out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    @Override
    public void close() throws Exception {
        run("stop", folder.toString());
    }
}
