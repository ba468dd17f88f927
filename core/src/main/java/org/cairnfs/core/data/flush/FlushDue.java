package org.cairnfs.core.data.flush;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.data.dirty.DirtyContent;

/**
 * Which contents are flushed now, though there is room: those that have been left alone for a while, or have been dirty for long.
 *
 * <p>They are gathered. While files come one after the other, some are idle at each look; if each look flushed them, each would cost a
 * pack of its own. So what is idle waits until it fills a pack, or all that is dirty is idle, or one of them is old.
 */
final class FlushDue {
    private FlushDue() {}

    /**
     * Finds out.
     *
     * @param contents all that are dirty
     * @param nowNanos by the clock of their times
     * @return some of them, in the same order
     */
    static List<DirtyContent> of(List<DirtyContent> contents, FlushSettings settings, long nowNanos) {
        List<DirtyContent> due = new ArrayList<>();
        boolean old = false;
        long bytes = 0;
        for (DirtyContent content : contents) {
            boolean isOld =
                    nowNanos - content.firstDirtyNanos() >= settings.age().toNanos();
            if (isOld || nowNanos - content.lastDirtyNanos() >= settings.idle().toNanos()) {
                due.add(content);
                old |= isOld;
                bytes += content.dataBytes();
            }
        }
        return old || bytes >= settings.packTarget() || due.size() == contents.size() ? due : List.of();
    }
}
