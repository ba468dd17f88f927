package org.cairnfs.server.nfs.rpc.gss;

import java.util.Optional;
import org.cairnfs.core.fs.Credentials;

/** Says who a principal is on this server. Safe for use by any number of threads; may block for a moment. */
@FunctionalInterface
public interface Principals {
    /**
     * @param principal {@code user@REALM} or {@code service/host@REALM}
     * @return empty for somebody who is not known here
     */
    Optional<Credentials> find(String principal);
}
