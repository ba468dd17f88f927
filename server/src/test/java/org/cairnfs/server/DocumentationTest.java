package org.cairnfs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.Test;

/** Pages that point at files and tests point at some that are there. */
class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern TEST =
            Pattern.compile("`([A-Z]\\w+(?:Test|Properties|Rules|IT))?(?:\\.([a-z]\\w+))?`");

    private final Path repository = NfsClient.repository();

    private List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(repository.resolve("README.md")));
        try (Stream<Path> docs = Files.walk(repository.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    /** The text of each test class, by name; of those with the same name, together. */
    private Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (String module : List.of("core", "fuse-adapter", "server")) {
            try (Stream<Path> files = Files.walk(repository.resolve(module).resolve("src/test/java"))) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    String name = file.getFileName().toString().replace(".java", "");
                    tests.merge(name, Files.readString(file), String::concat);
                }
            }
        }
        return tests;
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        for (Path page : pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                assertThat(page.resolveSibling(links.group(1)))
                        .as("%s in %s", links.group(), page.getFileName())
                        .exists();
            }
        }
    }

    /** A test is named as Class.method, or as .method of the class that was named last. */
    @Test
    void testsThatAreNamedExist() throws IOException {
        Map<String, String> tests = tests();
        int found = 0;
        for (Path page : pages()) {
            String last = "";
            Matcher names = TEST.matcher(Files.readString(page));
            while (names.find()) {
                last = names.group(1) == null ? last : names.group(1);
                String where = names.group() + " in " + page.getFileName();
                if (!last.isEmpty()) {
                    assertThat(tests).as(where).containsKey(last);
                    assertThat(names.group(2) == null || tests.get(last).contains("void " + names.group(2) + "("))
                            .as(where)
                            .isTrue();
                    found++;
                }
            }
        }
        assertThat(found).as("tests that pages name").isPositive();
    }
}
