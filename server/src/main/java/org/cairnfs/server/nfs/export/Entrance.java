package org.cairnfs.server.nfs.export;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.exports.SecurityFlavor;

/**
 * What the exports say to one caller at one place of the file system.
 *
 * @param scope the part of the file system that is exported there
 * @param flavors how who comes from there must authenticate, the best first; empty if nothing is exported to it
 * @param access what the caller may do, in the way that it authenticates and protects its connection; empty if that is not enough
 */
public record Entrance(ExportScope scope, List<SecurityFlavor> flavors, Optional<ExportAccess> access) {
    /** Nothing is exported. */
    public static final Entrance CLOSED = new Entrance(ExportScope.WHOLE, List.of(), Optional.empty());

    /** Copies the list. */
    public Entrance {
        flavors = List.copyOf(flavors);
    }

    /** To all of the file system, by AUTH_SYS. */
    public static Entrance open(ExportAccess access) {
        return new Entrance(ExportScope.WHOLE, List.of(SecurityFlavor.SYS), Optional.of(access));
    }

    /** Whether nobody is let in from there. */
    public boolean isClosed() {
        return flavors.isEmpty();
    }

    /** Whether the caller would be let in if it authenticated, or protected its connection, otherwise. */
    public boolean isTooWeak() {
        return !isClosed() && access.isEmpty();
    }

    /** {@link ExportScope#isPassage}. */
    public boolean isPassage() {
        return scope.isPassage();
    }

    /** {@link ExportScope#wire}. */
    public byte[] wire(FileHandle handle) {
        return scope.wire(handle);
    }

    /** {@link ExportScope#down}. */
    public Entrance down(FileHandle child) {
        return scope.down(this, child);
    }

    /** {@link ExportScope#up}. */
    public Entrance up(FileHandle directory, FileHandle parent) {
        return scope.up(this, directory, parent);
    }

    /** Whether nothing can be moved between here and there: they are different exports. */
    public boolean isApartFrom(Entrance other) {
        return scope.root() != other.scope.root();
    }
}
