package org.cairnfs.server.app;

import java.util.Optional;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.volume.VolumeOptions;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/**
 * What is asked of the storage when a file system is opened.
 *
 * @param atLeast a link that it must hold all up to; empty for none
 */
public record StorageClaim(Hold hold, Optional<Link> atLeast) {
    /** Free, and as it is. */
    public static final StorageClaim USUAL = new StorageClaim(Hold.FREE, Optional.empty());

    /** Who may have the storage. */
    public enum Hold {
        /** Nobody but us: it has to be free. */
        FREE,
        /** Nobody but us, though a server that is known to be dead did not give it back. */
        TAKEN_OVER,
        /** Whoever: we only read. */
        SHARED
    }

    /**
     * Of what a person wrote.
     *
     * @param link as {@code cairn status} prints it; empty for none
     */
    public static StorageClaim of(Hold hold, Optional<String> link) throws CairnException {
        try {
            return new StorageClaim(hold, link.map(Link::parse));
        } catch (IllegalArgumentException e) {
            throw new CairnException(
                    ExitCode.USAGE,
                    "'" + link.orElse("") + "' is no link",
                    "it has 64 hexadecimal digits, as 'cairn status' prints it",
                    e);
        }
    }

    /** Whether the storage is only read. */
    public boolean isReadOnly() {
        return hold == Hold.SHARED;
    }

    VolumeOptions.Claim ofEngine() {
        return new VolumeOptions.Claim(hold == Hold.TAKEN_OVER, atLeast);
    }
}
