package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.Shell;
import org.junit.jupiter.api.BeforeEach;

/**
 * The rules of POSIX (and of Linux, where it chooses), as a person would write them down; the reference model and the verbs
 * are each held to them, so that both being wrong in the same way is noticed too. The rules are in the classes that extend this
 * one; {@link ModelRulesTest} and {@link VerbsRulesTest} run all of them.
 */
abstract class FileSystemRules {
    final FakeClock clock = new FakeClock();
    FileSystem fs;
    Shell root;
    Shell alice;
    Shell bob;

    /** An empty file system with a root of mode 0755 that belongs to 0:0, grace over. */
    abstract FileSystem make(FakeClock clock);

    @BeforeEach
    void setUp() {
        fs = make(clock);
        root = new Shell(fs);
        alice = root.as(1000, 100, 500);
        bob = root.as(1001, 100);
    }
}
