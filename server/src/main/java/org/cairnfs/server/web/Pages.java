package org.cairnfs.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cairnfs.server.web.WebServer.Page;

/** The pages of a server by their paths: the dashboard, which is files of this program and one that is made anew each time, and the metrics. */
public final class Pages {
    private static final String HTML = "text/html; charset=utf-8";
    private static final Map<String, String> FILES = Map.of(
            "dashboard.css", "text/css; charset=utf-8",
            "dashboard.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private Pages() {}

    /** Makes a body. */
    @FunctionalInterface
    public interface Body {
        byte[] make() throws IOException;
    }

    /**
     * All of them.
     *
     * @param metrics in the text format of Prometheus
     * @param data what the dashboard shows, JSON
     */
    public static Map<String, Page> of(Body metrics, Body data) {
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/", file("index.html", HTML));
        FILES.forEach((name, type) -> pages.put("/" + name, file(name, type)));
        pages.put("/data.json", page("application/json", data));
        pages.put("/metrics", page("text/plain; version=0.0.4; charset=utf-8", metrics));
        return pages;
    }

    private static Page file(String name, String type) {
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the program");
            }
            byte[] bytes = in.readAllBytes();
            return page(type, () -> bytes);
        } catch (IOException e) {
            throw new IllegalStateException(name + " of the program cannot be read", e);
        }
    }

    private static Page page(String type, Body body) {
        return new Page() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public byte[] body() throws IOException {
                return body.make();
            }
        };
    }
}
