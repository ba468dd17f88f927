package org.cairnfs.core.fs;

/**
 * Major and minor number of a device.
 *
 * @param major unsigned 32 bits
 * @param minor unsigned 32 bits
 */
public record DeviceNumber(int major, int minor) {
    /** Of everything that is not a device. */
    public static final DeviceNumber NONE = new DeviceNumber(0, 0);

    /** Both in one number: major in the upper, minor in the lower half. */
    public long packed() {
        return ((long) major << 32) | (minor & 0xffff_ffffL);
    }

    public static DeviceNumber ofPacked(long packed) {
        return new DeviceNumber((int) (packed >>> 32), (int) packed);
    }
}
