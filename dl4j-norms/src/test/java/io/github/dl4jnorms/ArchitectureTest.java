package io.github.dl4jnorms;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data and dependencies flow one way. */
@AnalyzeClasses(packages = "io.github.dl4jnorms", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule kernelsKnowNoArrayLibrary = noClasses()
            .that()
            .resideInAPackage("..kernel..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("io.github.dl4jnorms.kernel..", "java..", "jdk.incubator.vector..");

    @ArchTest
    static final ArchRule operationsKnowNoDl4j = noClasses()
            .that()
            .resideInAnyPackage("..op..", "..execution..", "io.github.dl4jnorms")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.deeplearning4j..");

    @ArchTest
    static final ArchRule theRuntimeKnowsNoNorm = noClasses()
            .that()
            .resideInAPackage("..runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..op..", "..layer..", "..kernel..", "..convert..", "..weight..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.github.dl4jnorms.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingDependsOnTheModulesAbove = noClasses()
            .that()
            .resideInAPackage("io.github.dl4jnorms..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.github.dl4jnorms.samediff..",
                    "io.github.dl4jnorms.datasets..",
                    "io.github.dl4jnorms.experiments..");
}
