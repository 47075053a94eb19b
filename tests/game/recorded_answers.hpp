/// What the players answer to random questions, for the comparison with the Python of game.py.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::game {

/// `count` lines {"player", "question", "answer"}, bodies as on the wire; an answer of silence is
/// null. Every player is asked in turn, so that a question meets what it remembers of earlier ones.
std::string recorded_answers(uint64_t seed, uint64_t count);

} // namespace sluice::game
