package org.cairnfs.core.objectstore.jclouds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.cairnfs.core.objectstore.ObjectKeys;
import org.cairnfs.core.objectstore.ObjectStore;

/**
 * Lists keys below the prefix of a store, over as many pages of the provider as it takes.
 *
 * <p>Where markers are opaque (Azure, Google), a list cannot start after a given key. So it remembers, for the last key of
 * recent lists, a marker that begins at or before the next; where it knows none, it lists from the start. A walk is thus
 * linear. Thread-safe; this monitor guards the markers.
 */
final class Lister {
    private static final int MARKERS = 64;

    private final String prefix;
    private final Map<String, String> markers = new LinkedHashMap<>();

    /** @param prefix of all names, with a slash at the end, or empty */
    Lister(String prefix) {
        this.prefix = prefix;
    }

    List<ObjectInfo> list(Blobs blobs, String keyPrefix, String after, int limit) {
        List<ObjectInfo> found = new ArrayList<>();
        String marker = start(blobs, keyPrefix, after);
        String beginning = marker;
        do {
            beginning = marker;
            Blobs.Page page = blobs.list(prefix + keyPrefix, marker, Math.min(limit, ObjectStore.MAX_LIST));
            for (ObjectInfo object : page.objects()) {
                if (found.size() < limit) {
                    add(found, object, after);
                }
            }
            marker = page.marker();
        } while (marker != null && found.size() < limit);
        if (found.size() == limit && !blobs.markersAreNames()) {
            remember(keyPrefix, found.get(limit - 1).key(), beginning);
        }
        return found;
    }

    private String start(Blobs blobs, String keyPrefix, String after) {
        if (after.isEmpty()) {
            return null;
        }
        return blobs.markersAreNames() ? prefix + after : recall(keyPrefix, after);
    }

    /** Adds what is a key of ours, and wanted: others may keep things below the prefix, too. */
    private void add(List<ObjectInfo> found, ObjectInfo object, String after) {
        String name = object.key();
        if (!name.startsWith(prefix)) {
            return;
        }
        String key = name.substring(prefix.length());
        if (key.compareTo(after) > 0 && ObjectKeys.isKey(key)) {
            found.add(new ObjectInfo(key, object.size(), object.lastModified()));
        }
    }

    private synchronized void remember(String keyPrefix, String last, String marker) {
        if (marker == null) {
            return;
        }
        markers.put(keyPrefix + " " + last, marker);
        if (markers.size() > MARKERS) {
            markers.remove(markers.keySet().iterator().next());
        }
    }

    private synchronized String recall(String keyPrefix, String after) {
        return markers.get(keyPrefix + " " + after);
    }
}
