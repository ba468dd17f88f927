package org.cairnfs.core.check;

import java.util.LinkedHashMap;
import java.util.Map;

/** The highest numbers that were seen in use, by the counters that say from which number on none was given out. */
final class Maxima {
    private final Map<String, Long> highest = new LinkedHashMap<>();

    void inode(long number) {
        note("next_inode", number);
    }

    void content(long number) {
        note("next_content", number);
    }

    void chunk(long number) {
        note("next_chunk", number);
    }

    void pack(long number) {
        note("next_pack", number);
    }

    void work(long number) {
        note("next_work", number);
    }

    private void note(String counter, long number) {
        highest.merge(counter, number, Math::max);
    }

    Map<String, Long> highest() {
        return highest;
    }
}
