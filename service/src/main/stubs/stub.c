/* A library without contents. The bundled ffmpeg is linked with capture devices (PulseAudio, ALSA, X11) that a server does not have
   and that Claimcheck never opens; with these stand-ins it starts all the same. A call into one would end the process. */
static const int claimcheck_stub __attribute__((used)) = 1;
