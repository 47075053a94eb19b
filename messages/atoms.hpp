/// Verbs without arguments. CAF 0.17 packs an atom into 64 bits: ten characters at most.
#pragma once

#include <caf/atom.hpp>
#include <caf/type_id.hpp>

CAF_BEGIN_TYPE_ID_BLOCK(sluice_atoms, caf::first_custom_type_id)

  CAF_ADD_ATOM(sluice_atoms, sluice::atom, advance, "advance")   // move on to a block
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, ban, "ban")           // send a hotkey away
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, closing, "closing")   // end the round
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, done, "done")         // durable, or through
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, drain, "drain")       // finish the step, then end
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, due, "due")           // a timer of one's own fired
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, fence, "fence")       // answered in mailbox order
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, flush, "flush")       // write what has gathered
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, included, "included") // what became of an extrinsic
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, step, "step")         // every mechanism does its part
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, publish, "publish")   // weights of an epoch
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, roster, "roster")     // who is registered
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, saved, "saved")       // a state that can be stored
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, scores, "scores")     // the scores of an epoch
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, standing, "standing") // how a job's miners stand
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, start, "start")       // begin
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, copy, "copy")         // of the data folder
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, unban, "unban")       // let it come again
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, view, "view")         // the chain as a validator sees it
  CAF_ADD_ATOM(sluice_atoms, sluice::atom, reload, "reload")     // read files and limits anew

CAF_END_TYPE_ID_BLOCK(sluice_atoms)
