package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.VerbsSubject;

/** The verbs, over metadata and contents in memory, are held to the rules. */
class VerbsRulesTest extends FileSystemRules {
    @Override
    FileSystem make(FakeClock clock) {
        return VerbsSubject.inMemory(clock).fileSystem();
    }
}
