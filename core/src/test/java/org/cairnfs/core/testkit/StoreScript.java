package org.cairnfs.core.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A store that one of {@code scripts/} runs in a folder, as a person would; ends with {@link #close}. */
public final class StoreScript implements AutoCloseable {
    private final Process process;
    private final Path folder;
    private final String ready;

    private StoreScript(Process process, Path folder, String ready) {
        this.process = process;
        this.folder = folder;
        this.ready = ready;
    }

    /** Starts a script, which tells that it is ready within a minute, or why it cannot. */
    public static StoreScript start(String script, Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        repository().resolve("scripts").resolve(script).toString(), folder.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader out =
                new BufferedReader(new java.io.InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("ready ")) {
            process.destroy();
            throw new IOException("scripts/" + script + " said: " + line);
        }
        return new StoreScript(process, folder, line.substring("ready ".length()));
    }

    private static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("scripts"))) {
            here = here.getParent();
        }
        return here;
    }

    /** What it said when it was ready. */
    public String ready() {
        return ready;
    }

    /** The file for {@code --credentials-file}. */
    public Path credentials() {
        return folder.resolve("credentials");
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
