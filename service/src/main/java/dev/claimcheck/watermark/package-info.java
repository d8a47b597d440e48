/**
 * Pictures that owners upload to have them laid over their videos. A row is written once the object is durable; an object without a row is swept. A deleted one is hidden at once, so that no new job can
 * ask for it, but its object stays while a job that has not ended well may still need it. Other owners never learn of it.
 */
@NullMarked
package dev.claimcheck.watermark;

import org.jspecify.annotations.NullMarked;
