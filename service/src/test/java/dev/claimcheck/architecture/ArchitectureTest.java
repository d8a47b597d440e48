package dev.claimcheck.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data walks one way through the house. */
@AnalyzeClasses(packages = "dev.claimcheck", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule DEPENDENCIES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("application")
            .definedBy("dev.claimcheck")
            .layer("http")
            .definedBy("dev.claimcheck.http..")
            .layer("upload")
            .definedBy("dev.claimcheck.upload..")
            .layer("worker")
            .definedBy("dev.claimcheck.worker..")
            .layer("operations")
            .definedBy("dev.claimcheck.operations..")
            .layer("pipeline")
            .definedBy("dev.claimcheck.pipeline..")
            .layer("estimate")
            .definedBy("dev.claimcheck.estimate..")
            .layer("events")
            .definedBy("dev.claimcheck.events..")
            .layer("queue")
            .definedBy("dev.claimcheck.queue..")
            .layer("access")
            .definedBy("dev.claimcheck.access..")
            .layer("media")
            .definedBy("dev.claimcheck.media..")
            .layer("storage")
            .definedBy("dev.claimcheck.storage..")
            .layer("watermark")
            .definedBy("dev.claimcheck.watermark..")
            .layer("webhook")
            .definedBy("dev.claimcheck.webhook..")
            .layer("config")
            .definedBy("dev.claimcheck.config..")
            .layer("playback")
            .definedBy("dev.claimcheck.playback..")
            .layer("job")
            .definedBy("dev.claimcheck.job..")
            .layer("database")
            .definedBy("dev.claimcheck.database..")
            .whereLayer("application")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("http")
            .mayOnlyBeAccessedByLayers("application")
            .whereLayer("worker")
            .mayOnlyBeAccessedByLayers("application")
            .whereLayer("operations")
            .mayOnlyBeAccessedByLayers("application", "http")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("application")
            .whereLayer("upload")
            .mayOnlyBeAccessedByLayers("application", "http")
            .whereLayer("watermark")
            .mayOnlyBeAccessedByLayers("application", "http")
            .whereLayer("pipeline")
            .mayOnlyBeAccessedByLayers("application", "worker")
            .whereLayer("playback")
            .mayOnlyBeAccessedByLayers("http", "pipeline")
            .whereLayer("estimate")
            .mayOnlyBeAccessedByLayers("application", "http", "worker")
            .whereLayer("webhook")
            .mayOnlyBeAccessedByLayers("application", "http")
            .whereLayer("events")
            .mayOnlyBeAccessedByLayers("application", "http", "webhook")
            .whereLayer("queue")
            .mayOnlyBeAccessedByLayers("application", "worker")
            .whereLayer("access")
            .mayOnlyBeAccessedByLayers("application", "http", "webhook")
            .whereLayer("media")
            .mayOnlyBeAccessedByLayers("application", "pipeline", "worker", "config")
            .whereLayer("storage")
            .mayOnlyBeAccessedByLayers(
                    "application", "http", "upload", "watermark", "worker", "pipeline", "operations");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.claimcheck.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ADAPTERS_ARE_KNOWN_TO_THE_COMPOSITION_ROOT_ALONE = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.claimcheck",
                    "dev.claimcheck.queue.postgres",
                    "dev.claimcheck.storage.filesystem",
                    "dev.claimcheck.storage.s3")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.claimcheck.queue.postgres", "dev.claimcheck.storage.filesystem", "dev.claimcheck.storage.s3");

    @ArchTest
    static final ArchRule ONLY_THE_S3_STORE_KNOWS_THE_SDK = noClasses()
            .that()
            .resideOutsideOfPackage("dev.claimcheck.storage.s3")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule ONLY_WEBHOOKS_SPEAK_TO_SERVERS_THAT_OWNERS_NAME = noClasses()
            .that()
            .resideOutsideOfPackage("dev.claimcheck.webhook")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.hc..", "com.standardwebhooks..");

    @ArchTest
    static final ArchRule ONLY_HTTP_KNOWS_JETTY = noClasses()
            .that()
            .resideOutsideOfPackage("dev.claimcheck.http")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..");
}
