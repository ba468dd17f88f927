package org.cairnfs.server.activity;

import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an operation's arguments for people: without file handles, which the path of the line stands for, with names as text, and with the
 * length of data in place of its buffer. Stateless.
 */
final class Arguments {
    private static final Pattern HANDLE = Pattern.compile("\\w+=[0-9a-f]{32,}(\\.\\.\\.)?(, )?");
    private static final Pattern RAW_NAME = Pattern.compile("rawName=((?:[0-9a-f]{2})*)");
    private static final Pattern BUFFER = Pattern.compile("java\\.nio\\.\\w+\\[pos=\\d+ lim=(\\d+) cap=\\d+]");

    private Arguments() {}

    /** @param asked text of the record that an operation was decoded to */
    static String readable(String asked) {
        String named =
                RAW_NAME.matcher(asked).replaceAll(found -> Matcher.quoteReplacement("name=" + decode(found.group(1))));
        String sized = BUFFER.matcher(named).replaceAll("$1 bytes");
        return HANDLE.matcher(sized).replaceAll("").replace(", ]", "]");
    }

    private static String decode(String hex) {
        return new String(BaseEncoding.base16().lowerCase().decode(hex), StandardCharsets.UTF_8);
    }
}
