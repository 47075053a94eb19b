/// What this program calculates with, as a text that two equal engines share.
#pragma once

#include <string>

namespace sluice {

/// SHA-256 of the outcomes of a fixed small competition in both models, and of this build's
/// version. Two builds that would score differently because of a change of the engine, of its
/// formats or of how a compiler rounds are distinguished before any work is handed out. Takes
/// milliseconds; call it once.
std::string engine_digest();

} // namespace sluice
