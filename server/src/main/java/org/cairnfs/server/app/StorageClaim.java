package org.cairnfs.server.app;

import java.util.Optional;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.volume.VolumeOptions;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/**
 * What is asked of the storage when a file system is opened.
 *
 * @param takeOver whether to take it from a server that did not give it back and is known to be dead
 * @param atLeast a link that it must hold all up to; empty for none
 */
public record StorageClaim(boolean takeOver, Optional<Link> atLeast) {
    /** Free, and as it is. */
    public static final StorageClaim USUAL = new StorageClaim(false, Optional.empty());

    /**
     * Of what a person wrote.
     *
     * @param link as {@code cairn status} prints it; empty for none
     */
    public static StorageClaim of(boolean takeOver, Optional<String> link) throws CairnException {
        try {
            return new StorageClaim(takeOver, link.map(Link::parse));
        } catch (IllegalArgumentException e) {
            throw new CairnException(
                    ExitCode.USAGE,
                    "'" + link.orElse("") + "' is no link",
                    "it has 64 hexadecimal digits, as 'cairn status' prints it",
                    e);
        }
    }

    VolumeOptions.Claim ofEngine() {
        return new VolumeOptions.Claim(takeOver, atLeast);
    }
}
