package org.cairnfs.core.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cairnfs.core.metadata.h2.Database;

/**
 * Makes of a database file what a power loss may leave of it: each sector, and the length, is as it was at this moment or at some moment
 * before, whatever was synced in between; so writes of H2 are dropped, torn and reordered. The machine has started anew since.
 */
final class TornDatabase {
    private static final int SECTOR = 512;
    private static final String MARK_OF_AN_OPEN_DATABASE = "open";

    private TornDatabase() {}

    /**
     * Makes a torn one.
     *
     * @param moments copies of the directory with the database, the newest, of the power loss, last
     * @param to where a copy of it goes, with the torn file in place of its own
     * @return how many sectors are not as they were when the power failed
     */
    static int make(List<Path> moments, Path to, Random random) throws IOException {
        Path newest = moments.get(moments.size() - 1);
        VolumeFixture.copyTree(newest, to);
        Path mark = to.resolve(MARK_OF_AN_OPEN_DATABASE);
        if (!Files.exists(mark) || !Files.exists(Database.file(newest))) {
            return 0;
        }
        Files.writeString(mark, "another start of the machine");
        List<byte[]> versions = new ArrayList<>();
        for (Path moment : moments) {
            if (Files.exists(Database.file(moment))) {
                versions.add(Files.readAllBytes(Database.file(moment)));
            }
        }
        byte[] now = versions.get(versions.size() - 1);
        byte[] torn = Arrays.copyOf(now, versions.get(random.nextInt(versions.size())).length);
        int lost = (Math.abs(now.length - torn.length) + SECTOR - 1) / SECTOR;
        for (int at = 0; at < torn.length; at += SECTOR) {
            int length = Math.min(SECTOR, torn.length - at);
            byte[] before = random.nextBoolean() ? now : versions.get(random.nextInt(versions.size()));
            byte[] sector = at < before.length
                    ? Arrays.copyOf(Arrays.copyOfRange(before, at, Math.min(before.length, at + length)), length)
                    : new byte[length];
            lost += Arrays.equals(sector, Arrays.copyOfRange(torn, at, at + length)) ? 0 : 1;
            System.arraycopy(sector, 0, torn, at, length);
        }
        Files.write(Database.file(to), torn);
        return lost;
    }
}
