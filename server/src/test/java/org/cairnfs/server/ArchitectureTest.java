package org.cairnfs.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Who may know whom in the server: adapters know the file system's API, and only the program knows how all is made. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.cairnfs.server");

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }

    /** Classes of these packages may use these of core, and no others. */
    private static ArchRule onlyOfCore(String packages, String... allowed) {
        return noClasses()
                .that()
                .resideInAPackage(packages)
                .should()
                .dependOnClassesThat(resideInAPackage("org.cairnfs.core..")
                        .and(DescribedPredicate.not(resideInAnyPackage(allowed))));
    }

    @Test
    void protocolsKnowTheFileSystemAndItsLocksOnly() {
        check(onlyOfCore("..server.nfs..", "org.cairnfs.core.fs", "org.cairnfs.core.lock"));
        check(onlyOfCore("..server.exports..", "org.cairnfs.core.fs"));
        check(onlyOfCore("..server.admin..", "none"));
        check(onlyOfCore("..server.metrics..", "none"));
        check(onlyOfCore("..server.systemd..", "none"));
        check(onlyOfCore("..server.activity..", "org.cairnfs.core.fs"));
    }

    @Test
    void commandsKnowOfCoreWhatUsersWrite() {
        String[] written = {
            "org.cairnfs.core.objectstore",
            "org.cairnfs.core.objectstore.credentials",
            "org.cairnfs.core.crypto",
            "org.cairnfs.core.data.codec"
        };
        check(onlyOfCore("..server.config..", written));
        check(onlyOfCore("..server.cli..", written));
    }

    @Test
    void protocolsDoNotKnowTheProgram() {
        check(noClasses()
                .that()
                .resideInAPackage("..server.nfs..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..server.app..", "..server.cli..", "..server.admin..", "..server.metrics.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("..server.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..server.cli.."));
    }

    /** So that all else starts where there is no libfuse. */
    @Test
    void oneClassKnowsTheMount() {
        check(noClasses()
                .that()
                .haveNameNotMatching(".*\\.app\\.LocalMount(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.cairnfs.fuse.."));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("org.cairnfs.server.(**)").should().beFreeOfCycles());
    }

    @Test
    void logsGoThroughSlf4jAndThreadsHaveNames() {
        check(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
        check(noClasses().that().resideOutsideOfPackage("..server.cli..").should(ACCESS_STANDARD_STREAMS));
        check(noClasses().should().dependOnClassesThat().areAssignableTo(ForkJoinPool.class));
    }
}
