package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.Product;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.TranscodeTask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a transcode hands in, size by size, and what of that is known from before. Sizes are encoded independently behind one decoding, so what one of them is made of does not depend on which others are made
 * with it. Pure.
 */
final class TranscodeProducts {
    private final TranscodeTask task;
    private final Map<Rendition, ProductKey> sizes = new HashMap<>();
    private final Optional<ProductKey> sound;

    TranscodeProducts(TranscodeTask task, ProductKeys keys) {
        this.task = task;
        task.renditions().forEach(rendition -> sizes.put(rendition, keys.rendition(task, rendition)));
        // What an intro or a beginning needs is a part of the whole: where that is known, nothing is made.
        this.sound = switch (task.sound()) {
            case NONE -> Optional.empty();
            case INTRO, BEGINNING ->
                Optional.of(keys.sound(task.of(Optional.empty(), List.of(), TranscodeTask.Sound.WHOLE)));
            case WHOLE -> Optional.of(keys.sound(task));
        };
    }

    /** The keys of everything. */
    Collection<Digest> keys() {
        List<Digest> keys = new ArrayList<>();
        sizes.values().forEach(key -> keys.add(key.digest()));
        sound.ifPresent(key -> keys.add(key.digest()));
        return keys;
    }

    ProductKey key(Rendition rendition) {
        return Optional.ofNullable(sizes.get(rendition)).orElseThrow();
    }

    Optional<Product> known(Rendition rendition, Map<Digest, Product> known) {
        return Optional.ofNullable(known.get(key(rendition).digest()));
    }

    /** The key of the sound, where this makes all of it. */
    Optional<ProductKey> wholeSound() {
        return sound.filter(_ -> task.sound() == TranscodeTask.Sound.WHOLE);
    }

    /** All of the sound, where it is known. */
    Optional<Product> knownSound(Map<Digest, Product> known) {
        return sound.flatMap(key -> Optional.ofNullable(known.get(key.digest())));
    }

    /** What is left to be made; empty where everything is known. */
    Optional<TranscodeTask> missing(Map<Digest, Product> known) {
        List<Rendition> left = task.renditions().stream()
                .filter(rendition -> known(rendition, known).isEmpty())
                .toList();
        TranscodeTask.Sound sounding = knownSound(known).isPresent() ? TranscodeTask.Sound.NONE : task.sound();
        return left.isEmpty() && sounding == TranscodeTask.Sound.NONE
                ? Optional.empty()
                : Optional.of(task.of(task.chunk(), left, sounding));
    }
}
