package org.cairnfs.server.nfs.rpc.gss;

import java.io.IOException;
import java.util.Optional;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.HostCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of this host by id(1), which asks whatever the host is set up to ask: files, LDAP, sssd.
 *
 * <p>Stateless. Takes a few milliseconds, or as long as {@link HostCommand} has patience.
 */
public final class HostUsers implements HostPrincipals.Users {
    private static final Logger LOG = LoggerFactory.getLogger(HostUsers.class);

    @Override
    public Optional<Credentials> find(String name) {
        try {
            Optional<String> uid = HostCommand.output("id", "-u", "--", name);
            Optional<String> groups = uid.isEmpty() ? uid : HostCommand.output("id", "-G", "--", name);
            return groups.isEmpty() ? Optional.empty() : HostPrincipals.parse(uid.get(), groups.get());
        } catch (IOException e) {
            LOG.error("cannot ask this host who '{}' is, who is nobody for now: {}", name, e.getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
