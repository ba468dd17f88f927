package org.cairnfs.fuse;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom in the mount. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.cairnfs.fuse");

    @Test
    void knowsTheFileSystemAndItsLocksOnly() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("org.cairnfs..")
                        .and(DescribedPredicate.not(resideInAnyPackage(
                                "org.cairnfs.fuse..", "org.cairnfs.core.fs", "org.cairnfs.core.lock"))))
                .check(CLASSES);
    }

    @Test
    void onlyOnePackageIsNative() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..fuse.lowlevel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai..", "ru.serce..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..fuse.call..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..fuse.lowlevel..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.cairnfs.fuse.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void logsGoThroughSlf4j() {
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CLASSES);
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    }
}
