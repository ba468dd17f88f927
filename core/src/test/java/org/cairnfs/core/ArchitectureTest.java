package org.cairnfs.core;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Who may know whom in core: docs/architecture.md draws it. */
class ArchitectureTest {
    private static final String CORE = "org.cairnfs.core.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.cairnfs.core");

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }

    /** A package may use itself, these, and what is not of core. */
    private static ArchRule only(String name, String... allowed) {
        String[] core = new String[allowed.length + 1];
        core[0] = CORE + name + "..";
        for (int i = 0; i < allowed.length; i++) {
            core[i + 1] = CORE + allowed[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage(CORE + name + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("org.cairnfs..").and(DescribedPredicate.not(resideInAnyPackage(core))));
    }

    @Test
    void whatEverybodyUsesUsesNobody() {
        for (String leaf : new String[] {"fs", "bytes", "cache"}) {
            check(only(leaf));
        }
        check(only("lock", "fs"));
    }

    @Test
    void verbsStandOnMetadataDataAndLocks() {
        check(only("namespace", "fs", "metadata", "data", "lock", "treelock", "snapshot", "quota", "work", "journal"));
        check(only("snapshot", "fs", "metadata", "data", "record", "work"));
        check(only("treelock", "fs", "metadata", "work"));
        check(only("quota", "fs", "metadata", "work"));
        check(only("usage", "fs", "metadata"));
    }

    @Test
    void checksStandOnRowsAndNotOnVerbs() {
        check(only("check", "fs", "metadata", "data", "snapshot", "treelock", "quota", "bucket", "objectstore"));
    }

    @Test
    void nobodyBelowKnowsTheVerbs() {
        check(classes()
                .that()
                .resideInAPackage(CORE + "namespace..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(CORE + "namespace..", CORE + "volume..", CORE + "view.."));
    }

    @Test
    void theJournalKnowsNoRows() {
        check(only("journal", "crypto", "bytes", "objectstore"));
        check(only("record", "fs", "metadata.row"));
    }

    @Test
    void metadataKnowsNoDataAndNoStore() {
        check(only("metadata", "fs", "journal", "record"));
    }

    @Test
    void whatIsInTheBucketKnowsNothingOfThisMachine() {
        check(only("objectstore"));
        check(only("crypto", "bytes", "objectstore"));
        check(only("bucket", "bytes", "crypto", "objectstore", "data.chunk", "data.codec", "data.pack"));
    }

    @Test
    void onlyWhatIsOpenedKnowsAll() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(CORE + "volume..", CORE + "view..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE + "volume..", CORE + "view.."));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("org.cairnfs.core.(**)").should().beFreeOfCycles());
    }

    @Test
    void logsGoThroughSlf4jAndThreadsHaveNames() {
        check(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
        check(NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
        check(noClasses().should().dependOnClassesThat().areAssignableTo(ForkJoinPool.class));
    }
}
