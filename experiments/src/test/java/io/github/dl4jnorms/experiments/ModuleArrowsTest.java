package io.github.dl4jnorms.experiments;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data flows one way: datasets → experiments ← samediff-layers ← dl4j-norms, and no arrow goes back. */
@AnalyzeClasses(packages = ModuleArrowsTest.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleArrowsTest {
    static final String ROOT = "io.github.dl4jnorms";
    private static final String SAMEDIFF = ROOT + ".samediff..";
    private static final String DATASETS = ROOT + ".datasets..";
    private static final String EXPERIMENTS = ROOT + ".experiments..";
    private static final String ND4J = "org.nd4j..";
    private static final String DL4J = "org.deeplearning4j..";

    @ArchTest
    static final ArchRule kernelsKnowNothingOfNd4j = noClasses()
            .that()
            .resideInAPackage(ROOT + ".kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ND4J, DL4J);

    @ArchTest
    static final ArchRule kernelsStandAlone = classes()
            .that()
            .resideInAPackage(ROOT + ".kernel..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(ROOT + ".kernel..", "java..", "jdk.incubator.vector..", "org.slf4j..");

    @ArchTest
    static final ArchRule opsKnowNothingOfDl4j = noClasses()
            .that()
            .resideInAPackage(ROOT + ".op..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(DL4J);

    @ArchTest
    static final ArchRule normsKnowNothingOfWhatIsBuiltFromThem = noClasses()
            .that()
            .resideInAPackage(ROOT + "..")
            .and()
            .resideOutsideOfPackages(SAMEDIFF, DATASETS, EXPERIMENTS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SAMEDIFF, DATASETS, EXPERIMENTS);

    @ArchTest
    static final ArchRule layersKnowNothingOfDatasets = noClasses()
            .that()
            .resideInAPackage(SAMEDIFF)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DATASETS, EXPERIMENTS);

    @ArchTest
    static final ArchRule datasetsKnowNothingOfModels = noClasses()
            .that()
            .resideInAPackage(DATASETS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SAMEDIFF, EXPERIMENTS, DL4J, ROOT + ".layer..", ROOT + ".op..", ROOT + ".kernel..");

    @ArchTest
    static final ArchRule reportsKnowNothingOfExperiments = noClasses()
            .that()
            .resideInAPackage(ROOT + ".experiments.report..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".experiments.detect..");
}
