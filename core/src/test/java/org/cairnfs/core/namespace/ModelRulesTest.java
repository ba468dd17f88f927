package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.ModelFileSystem;

/** The reference model is held to the rules. */
class ModelRulesTest extends FileSystemRules {
    @Override
    FileSystem make(FakeClock clock) {
        return new ModelFileSystem(clock);
    }
}
