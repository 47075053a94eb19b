#include "actors/chain/stored_chain_view.hpp"

#include "actors/chain/dev_chain.hpp"
#include "storage/tables.hpp"

namespace sluice {

result<std::optional<chain_view>> stored_chain_view(const storage::data_dir& disk) {
  auto stored = storage::tables::chain_state.find(disk, storage::tables::chain_key);
  if (!stored)
    return stored.error();
  return *stored ? std::optional{view_of(**stored, {})} : std::nullopt;
}

} // namespace sluice
