/// Which numbers are names of an enumeration: what the disk holds is checked before it is believed.
#pragma once

#include "rules/config/node_config.hpp"
#include "rules/liquidity/answers.hpp"
#include "rules/liquidity/config.hpp"
#include "rules/liquidity/job_order.hpp"
#include "rules/liquidity/plan.hpp"
#include "rules/liquidity/query.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "rules/pool/pool_event.hpp"

namespace sluice {

// No `default` below: a new enumerator that is not listed here fails the build (-Wswitch), before
// it can be written to a disk that nobody can read back.

constexpr bool known(pool_event_kind x) {
  switch (x) {
  case pool_event_kind::initialize:
  case pool_event_kind::mint:
  case pool_event_kind::burn:
  case pool_event_kind::collect:
  case pool_event_kind::swap:
  case pool_event_kind::fees:
  case pool_event_kind::stake:
  case pool_event_kind::unstake:
  case pool_event_kind::stake_only:
  case pool_event_kind::unstake_only:
  case pool_event_kind::reward:
  case pool_event_kind::reward_update:
    return true;
  }
  return false;
}

constexpr bool known(pool_kind x) {
  switch (x) {
  case pool_kind::uniswap:
  case pool_kind::slipstream:
    return true;
  }
  return false;
}

constexpr bool known(range_measure x) {
  switch (x) {
  case range_measure::count:
  case range_measure::value:
    return true;
  }
  return false;
}

constexpr bool known(valuing_price x) {
  switch (x) {
  case valuing_price::own:
  case valuing_price::market:
    return true;
  }
  return false;
}

constexpr bool known(pool_model x) {
  switch (x) {
  case pool_model::observed:
  case pool_model::replayed:
    return true;
  }
  return false;
}

constexpr bool known(round_kind x) {
  switch (x) {
  case round_kind::evaluation:
  case round_kind::live:
    return true;
  }
  return false;
}

constexpr bool known(miner_verdict x) {
  switch (x) {
  case miner_verdict::scored:
  case miner_verdict::refused:
  case miner_verdict::failed:
    return true;
  }
  return false;
}

constexpr bool known(scoring_rules x) {
  switch (x) {
  case scoring_rules::original:
  case scoring_rules::kept_plans:
    return true;
  }
  return false;
}

constexpr bool known(score_baseline x) {
  switch (x) {
  case score_baseline::none:
  case score_baseline::kept:
    return true;
  }
  return false;
}

constexpr bool known(live_fallback x) {
  switch (x) {
  case live_fallback::skip:
  case live_fallback::next:
    return true;
  }
  return false;
}

constexpr bool known(answer_result x) {
  switch (x) {
  case answer_result::accepted:
  case answer_result::invalid:
  case answer_result::refused:
  case answer_result::silent:
  case answer_result::undecodable:
    return true;
  }
  return false;
}

constexpr bool known(feed_kind x) {
  switch (x) {
  case feed_kind::market:
  case feed_kind::events:
  case feed_kind::bars:
    return true;
  }
  return false;
}

constexpr bool known(job_order_kind x) {
  switch (x) {
  case job_order_kind::run:
  case job_order_kind::pause:
  case job_order_kind::remove:
    return true;
  }
  return false;
}

} // namespace sluice
