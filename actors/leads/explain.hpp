/// Where one miner's share comes from: its tally, and the leads in it.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "actors/leads/share_basis.hpp"

#include <string_view>

namespace sluice {

/// Documents that are shown one by one; the counts are of all.
inline constexpr size_t explained_documents_max = 200;

/// Share, terms, tally, and the documents and leads that count for it; no_such_key when no lead
/// names this hotkey, with the nearest that one names. Other faults: what the disk reports.
result<views::json>
explain_leads(const storage::data_dir& disk, const share_basis& basis, std::string_view hotkey);

} // namespace sluice
