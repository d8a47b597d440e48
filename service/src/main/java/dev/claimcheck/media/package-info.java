/**
 * ffmpeg and ffprobe as separate, distrusted programs: found or unpacked, given whole argument lists built by pure classes, run in a sandbox
 * where the machine has one, with a clean environment, at low priority, within limits, and dead when the service is dead. What a file is, is decided by its content against a list
 * of allowed containers; playlists and scripts never reach a demuxer. Input at fault is told apart from trouble around it.
 */
@NullMarked
package dev.claimcheck.media;

import org.jspecify.annotations.NullMarked;
