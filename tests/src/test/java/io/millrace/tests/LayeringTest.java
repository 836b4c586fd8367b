package io.millrace.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the modules: jobs to operators and connectors, those to state, state to models. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("jobs")
            .definedBy("io.millrace.jobs..")
            .layer("operators")
            .definedBy("io.millrace.operators..")
            .layer("connectors")
            .definedBy("io.millrace.connectors..")
            .layer("state")
            .definedBy("io.millrace.state..")
            .layer("models")
            .definedBy("io.millrace.models..")
            .whereLayer("jobs")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("operators")
            .mayOnlyBeAccessedByLayers("jobs")
            .whereLayer("connectors")
            .mayOnlyBeAccessedByLayers("jobs")
            .whereLayer("state")
            .mayOnlyBeAccessedByLayers("jobs", "operators", "connectors");

    @ArchTest
    static final ArchRule modelsKnowNeitherFlinkNorKafka = noClasses()
            .that()
            .resideInAPackage("io.millrace.models..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "kafka..");

    @ArchTest
    static final ArchRule onlyConnectorsAndJobsKnowKafka = noClasses()
            .that()
            .resideInAnyPackage("io.millrace.state..", "io.millrace.operators..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "kafka..", "org.apache.flink.connector.kafka..");

    @ArchTest
    static final ArchRule djlStaysInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackages("io.millrace.models.djl..", "io.millrace.tests.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule onnxStaysInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.millrace.models.onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.onnx..", "com.google.protobuf..");
}
