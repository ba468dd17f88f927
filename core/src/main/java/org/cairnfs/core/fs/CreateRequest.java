package org.cairnfs.core.fs;

/**
 * What to make under a name.
 *
 * @param type any
 * @param attributes to begin with; mode null means 0, uid/gid null mean the caller's (the gid of a setgid directory's)
 * @param device of devices only, else {@link DeviceNumber#NONE}
 * @param target of symbolic links only, 1 to 4095 bytes; else null
 * @param verifier of an exclusive create (regular files), kept with the inode: a second create with the same one and the
 *     same name succeeds with the same inode; null if not exclusive
 * @param existingOk whether an existing regular file of that name is an answer rather than EEXIST (unchecked create); its
 *     attributes are left as they are
 */
public record CreateRequest(
        FileType type, SetAttributes attributes, DeviceNumber device, Bytes target, Long verifier, boolean existingOk) {

    public static CreateRequest file(int mode) {
        return new CreateRequest(FileType.REGULAR, SetAttributes.ofMode(mode), DeviceNumber.NONE, null, null, false);
    }

    public static CreateRequest directory(int mode) {
        return new CreateRequest(FileType.DIRECTORY, SetAttributes.ofMode(mode), DeviceNumber.NONE, null, null, false);
    }

    public static CreateRequest symlink(Bytes target) {
        return new CreateRequest(FileType.SYMLINK, SetAttributes.ofMode(0777), DeviceNumber.NONE, target, null, false);
    }

    public CreateRequest exclusive(long newVerifier) {
        return new CreateRequest(type, attributes, device, target, newVerifier, existingOk);
    }

    public CreateRequest unchecked() {
        return new CreateRequest(type, attributes, device, target, verifier, true);
    }
}
