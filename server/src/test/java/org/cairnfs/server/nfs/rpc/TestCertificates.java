package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.testkit.Tools;

/** Certificates by openssl(1) in a folder: {@code NAME.pem} and {@code NAME.key}. Stateless but for the folder. */
public final class TestCertificates {
    private final Path folder;

    public TestCertificates(Path folder) {
        Tools.require("openssl", "package openssl");
        this.folder = folder;
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** A root that signs others, and itself. */
    public TestCertificates root(String name) throws Exception {
        request(
                List.of(
                        "-x509",
                        "-subj",
                        "/CN=" + name,
                        "-out",
                        certificate(name).toString()),
                name);
        return this;
    }

    /** A certificate for localhost, signed by a root. */
    public TestCertificates signed(String name, String root) throws Exception {
        request(
                List.of(
                        "-x509",
                        "-CA",
                        certificate(root).toString(),
                        "-CAkey",
                        key(root).toString(),
                        "-subj",
                        "/CN=" + name,
                        "-addext",
                        "subjectAltName=DNS:localhost",
                        "-addext",
                        "basicConstraints=critical,CA:FALSE",
                        "-out",
                        certificate(name).toString()),
                name);
        return this;
    }

    private void request(List<String> options, String name) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                key(name).toString()));
        command.addAll(options);
        Path said = folder.resolve("openssl.out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }
}
