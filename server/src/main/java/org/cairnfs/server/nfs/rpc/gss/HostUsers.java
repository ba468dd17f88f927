package org.cairnfs.server.nfs.rpc.gss;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Credentials;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of this host by id(1), which asks whatever the host is set up to ask: files, LDAP, sssd.
 *
 * <p>Stateless. Takes a few milliseconds, and at most {@value #PATIENCE_SECONDS} seconds.
 */
public final class HostUsers implements HostPrincipals.Users {
    private static final Logger LOG = LoggerFactory.getLogger(HostUsers.class);
    private static final int PATIENCE_SECONDS = 10;
    private static final int MAX_OUTPUT_BYTES = 1 << 20;

    @Override
    public Optional<Credentials> find(String name) {
        try {
            Optional<String> uid = id("-u", name);
            Optional<String> groups = uid.isEmpty() ? uid : id("-G", name);
            return groups.isEmpty() ? Optional.empty() : HostPrincipals.parse(uid.get(), groups.get());
        } catch (IOException e) {
            LOG.error("cannot ask this host who '{}' is, who is nobody for now: {}", name, e.getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What id prints; empty if it does not know the user. */
    private static Optional<String> id(String option, String name) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("id", option, "--", name)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("id(1) did not end within " + PATIENCE_SECONDS + " s");
            }
            byte[] output = process.getInputStream().readNBytes(MAX_OUTPUT_BYTES);
            return process.exitValue() == 0
                    ? Optional.of(new String(output, StandardCharsets.US_ASCII))
                    : Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }
}
