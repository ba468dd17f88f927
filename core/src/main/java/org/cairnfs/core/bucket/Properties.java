package org.cairnfs.core.bucket;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;

/** Small maps by name in objects: two bytes of count, then name and value of each, by the order of names. */
final class Properties {
    static final int MAX_COUNT = 100;
    static final int MAX_NAME = 64;
    static final int MAX_VALUE = 1024;

    private Properties() {}

    static SortedMap<String, String> checkStrings(SortedMap<String, String> properties) {
        properties.values().forEach(value -> checkLength(value, MAX_VALUE));
        return checkNames(properties);
    }

    /** An unmodifiable copy. */
    static <V> SortedMap<String, V> checkNames(SortedMap<String, V> properties) {
        if (properties.size() > MAX_COUNT) {
            throw new IllegalArgumentException("more than " + MAX_COUNT + " properties");
        }
        properties.keySet().forEach(name -> checkLength(name, MAX_NAME));
        return Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    }

    static void writeStrings(FieldWriter out, SortedMap<String, String> properties) {
        out.u16(properties.size());
        properties.forEach((name, value) -> out.string(name).string(value));
    }

    static SortedMap<String, String> readStrings(FieldReader in) throws MalformedException {
        SortedMap<String, String> properties = new TreeMap<>();
        for (int left = count(in); left > 0; left--) {
            properties.put(name(in, properties), in.string(MAX_VALUE));
        }
        return properties;
    }

    static void writeCounters(FieldWriter out, SortedMap<String, Long> counters) {
        out.u16(counters.size());
        counters.forEach((name, value) -> out.string(name).i64(value));
    }

    static SortedMap<String, Long> readCounters(FieldReader in) throws MalformedException {
        SortedMap<String, Long> counters = new TreeMap<>();
        for (int left = count(in); left > 0; left--) {
            counters.put(name(in, counters), in.i64());
        }
        return counters;
    }

    private static int count(FieldReader in) throws MalformedException {
        int count = in.u16();
        if (count > MAX_COUNT) {
            throw in.malformed(count + " properties");
        }
        return count;
    }

    private static String name(FieldReader in, SortedMap<String, ?> before) throws MalformedException {
        String name = in.string(MAX_NAME);
        if (!before.isEmpty() && name.compareTo(before.lastKey()) <= 0) {
            throw in.malformed("properties are not in the order of their names");
        }
        return name;
    }

    private static void checkLength(String text, int max) {
        if (text.getBytes(StandardCharsets.UTF_8).length > max) {
            throw new IllegalArgumentException("property is longer than " + max + " bytes");
        }
    }
}
