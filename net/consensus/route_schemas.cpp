#include "net/consensus/route_parts.hpp"

#include <array>
#include <utility>

namespace sluice::net {

namespace {

struct named_schema {
  std::string_view name;
  std::string_view text;
};

constexpr std::array consensus_schemas{
  named_schema{"FieldIssues", R"({"type":"object","required":["detail"],"properties":{
    "detail":{"type":"array","items":{"type":"object","required":["loc","msg","type"],"properties":{
      "loc":{"type":"array","items":{"type":"string"}},
      "msg":{"type":"string"},"type":{"type":"string"}}}},
    "error_type":{"type":"string"},"message":{"type":"string"}}})"},
  named_schema{"MinerStatus", R"({"type":"object","required":["uid"],"properties":{
    "uid":{"type":"integer","minimum":0,"maximum":65535},
    "hotkey":{"type":"string"},"ip":{"type":"string"},"port":{"type":"integer"},
    "external_ip":{"type":"string"},"external_port":{"type":"integer"},
    "is_serving":{"type":"boolean"},"stake":{"type":"number","minimum":0},
    "performance_score":{"type":"number","minimum":0,"maximum":1},
    "current_load":{"type":"number","minimum":0},"max_capacity":{"type":"number"},
    "last_seen":{"type":"string"},"task_type_specialization":{}},
    "additionalProperties":true})"},
  named_schema{"ConsensusReport", R"({"type":"object",
    "required":["validator_uid","miner_statuses","epoch"],"properties":{
    "validator_uid":{"type":["integer","string"]},
    "miner_statuses":{"description":"The list, or in a form its JSON text.",
      "type":["array","string"],"items":{"$ref":"#/components/schemas/MinerStatus"}},
    "epoch":{"type":["integer","string"]},
    "hotkey":{"type":"string"},"issued":{"type":["integer","string"]},
    "signature":{"type":"string"}}})"},
  named_schema{"ConsensusReportTaken", R"({"type":"object",
    "required":["success","miners_processed","consensus_updated","validator_uid","epoch"],
    "properties":{"success":{"type":"boolean"},"miners_processed":{"type":"integer"},
    "consensus_updated":{"type":"integer"},"validator_uid":{"type":"integer"},
    "epoch":{"type":"integer"}}})"},
  named_schema{"ConsensusPerformance", R"({"type":"object",
    "required":["validator_uid","epoch","miner_uid"],"properties":{
    "validator_uid":{"type":"integer"},"epoch":{"type":"integer"},"miner_uid":{"type":"integer"},
    "performance_score":{"type":"number","minimum":0,"maximum":1},
    "current_load":{"type":"number","minimum":0}},"additionalProperties":true})"},
  named_schema{"ConsensusOfMiner", R"({"type":"object",
    "required":["success","miner_uid","consensus_status","timestamp"],"properties":{
    "success":{"type":"boolean"},"miner_uid":{"type":"integer"},
    "consensus_status":{"type":"object","additionalProperties":true,"properties":{
      "consensus_timestamp":{"type":"string"},
      "consensus_validators":{"type":"array","items":{"type":"integer"}},
      "consensus_confidence":{"type":"number"},
      "conflicts_detected":{"type":"array","items":{"type":"string"}},
      "consensus_state":{"type":"string","enum":["agreed","conflicted"]}}},
    "timestamp":{"type":"string"}}})"},
  named_schema{"ConsensusCounts", R"({"type":"object","properties":{
    "total_validator_reports":{"type":"integer"},"consensus_miners":{"type":"integer"},
    "active_validators":{"type":"integer"},"average_consensus_confidence":{"type":"number"},
    "consensus_timeout_minutes":{"type":"number"},"min_consensus_validators":{"type":"integer"},
    "agreed_miners":{"type":"integer"},"conflicted_miners":{"type":"integer"},
    "pending_miners":{"type":"integer"},"stale_miners":{"type":"integer"},
    "coverage":{"type":"number"},"conflict_rate":{"type":"number"}}})"},
  named_schema{"ConsensusStatistics", R"({"type":"object",
    "required":["success","consensus_statistics","timestamp"],"properties":{
    "success":{"type":"boolean"},
    "consensus_statistics":{"$ref":"#/components/schemas/ConsensusCounts"},
    "timestamp":{"type":"string"}}})"},
  named_schema{"ConsensusNetwork", R"({"type":"object",
    "required":["success","processing_mode","network_status","miners"],"properties":{
    "success":{"type":"boolean"},
    "processing_mode":{"type":"string","enum":["consensus","individual"]},
    "network_status":{"type":"object","properties":{"total_miners":{"type":"integer"},
      "active_miners":{"type":"integer"},"total_stake":{"type":"number"},
      "average_consensus_confidence":{"type":"number"},"last_updated":{"type":"string"}}},
    "consensus_stats":{"$ref":"#/components/schemas/ConsensusCounts"},
    "stale_miners_filtered":{"type":"integer"},"version":{"type":"integer"},
    "miners":{"type":"array","items":{"$ref":"#/components/schemas/MinerStatus"}}}})"},
  named_schema{"ConsensusMiners", R"({"type":"object","required":["success","total","miners"],
    "properties":{"success":{"type":"boolean"},"total":{"type":"integer"},
    "miners":{"type":"array","items":{"type":"object","additionalProperties":true,"properties":{
      "uid":{"type":"integer"},"hotkey":{"type":"string"},"availability":{"type":"number"}}}},
    "timestamp":{"type":"string"}}})"},
  named_schema{"ConsensusHealth", R"({"type":"object","required":["status","checks"],"properties":{
    "status":{"type":"string","enum":["healthy","degraded"]},
    "checks":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},
      "healthy":{"type":"boolean"},"value":{"type":"number"},"limit":{"type":"number"},
      "says":{"type":"string"}}}},"timestamp":{"type":"string"}}})"},
  named_schema{"ConsensusMetrics", R"({"type":"object","required":["success","metrics"],
    "properties":{"success":{"type":"boolean"},"metrics":{"type":"array","items":{"type":"object",
      "properties":{"name":{"type":"string"},"help":{"type":"string"},
      "kind":{"type":"string","enum":["counter","gauge","histogram"]},
      "points":{"type":"array","items":{"type":"object","additionalProperties":true}}}}}}})"},
};

constexpr std::array task_schemas{
  named_schema{"Anything", R"({"type":"object","additionalProperties":true})"},
  named_schema{"TaskType", R"({"type":"string","enum":["transcription","tts","summarization",
    "translation","video_transcription","text_translation","document_translation"]})"},
  named_schema{"TaskState", R"({"type":"string","enum":["pending","assigned","completed","done",
    "approved","failed","cancelled"]})"},
  named_schema{"TaskSubmission", R"({"type":"object","required":["task_type","payload"],
    "properties":{"task_type":{"$ref":"#/components/schemas/TaskType"},
    "priority":{"type":"string","enum":["low","normal","high","urgent"]},
    "required_miner_count":{"type":"integer","minimum":1},
    "min_miner_count":{"type":"integer","minimum":1},
    "max_miner_count":{"type":"integer","minimum":1},
    "payload":{"type":"string","minLength":1,"maxLength":16384}}})"},
  named_schema{"TaskSubmitted", R"({"type":"object","required":["success","task_id","status"],
    "properties":{"success":{"type":"boolean"},"task_id":{"type":"string"},
    "status":{"$ref":"#/components/schemas/TaskState"},"is_new":{"type":"boolean"}}})"},
  named_schema{"Task", R"({"type":"object","required":["task_id","task_type","status"],
    "additionalProperties":true,"properties":{"task_id":{"type":"string"},
    "task_type":{"$ref":"#/components/schemas/TaskType"},
    "status":{"$ref":"#/components/schemas/TaskState"}}})"},
  named_schema{"TaskFound", R"({"type":"object","required":["success","task"],"properties":{
    "success":{"type":"boolean"},"task":{"$ref":"#/components/schemas/Task"}}})"},
  named_schema{"TaskList", R"({"type":"object","required":["success","total","tasks"],"properties":{
    "success":{"type":"boolean"},"total":{"type":"integer"},
    "tasks":{"type":"array","items":{"$ref":"#/components/schemas/Task"}}}})"},
  named_schema{"TaskStatus", R"({"type":"object","required":["success","task_id","status"],
    "additionalProperties":true,"properties":{"success":{"type":"boolean"},
    "task_id":{"type":"string"},"status":{"$ref":"#/components/schemas/TaskState"},
    "is_terminal":{"type":"boolean"}}})"},
  named_schema{"TaskResponse", R"({"type":"object","additionalProperties":true,"properties":{
    "miner_uid":{"type":"integer"},"hotkey":{"type":"string"},"result":{"type":"string"},
    "accuracy":{"type":"number"},"speed":{"type":"number"},"score":{"type":"number"}}})"},
  named_schema{"TaskResponses", R"({"type":"object","required":["success","task_id","responses"],
    "properties":{"success":{"type":"boolean"},"task_id":{"type":"string"},
    "status":{"$ref":"#/components/schemas/TaskState"},
    "responses":{"type":"array","items":{"$ref":"#/components/schemas/TaskResponse"}},
    "best_response":{"anyOf":[{"$ref":"#/components/schemas/TaskResponse"},{"type":"null"}]}}})"},
  named_schema{"TaskCancellation",
               R"({"type":"object","properties":{"reason":{"type":"string","maxLength":256}}})"},
  named_schema{"TaskApproval", R"({"type":"object","properties":{"ratings":{"type":"object",
    "description":"Rating from 0 to 1 by the miner's uid.",
    "additionalProperties":{"type":"number","minimum":0,"maximum":1}}}})"},
  named_schema{"TaskChanged", R"({"type":"object","required":["success","task_id","status"],
    "properties":{"success":{"type":"boolean"},"task_id":{"type":"string"},
    "status":{"$ref":"#/components/schemas/TaskState"},
    "best_miner":{"type":["integer","null"]}}})"},
  named_schema{"TaskStatistics", R"({"type":"object","required":["success","duplicate_protection"],
    "properties":{"success":{"type":"boolean"},
    "duplicate_protection":{"type":"object","additionalProperties":{"type":"integer"}},
    "tasks":{"type":"object","additionalProperties":true}}})"},
  named_schema{"WorkerRegistered", R"({"type":"object","required":["success","miner_uid","hotkey"],
    "properties":{"success":{"type":"boolean"},"miner_uid":{"type":"integer"},
    "hotkey":{"type":"string"}}})"},
  named_schema{"WorkerFetch", R"({"type":"object","properties":{
    "limit":{"type":"integer","minimum":1,"maximum":16}}})"},
  named_schema{"WorkerTasks", R"({"type":"object","required":["success","tasks"],"properties":{
    "success":{"type":"boolean"},"tasks":{"type":"array","items":{"type":"object","properties":{
      "assignment_id":{"type":"string"},"task_id":{"type":"string"},
      "task_type":{"$ref":"#/components/schemas/TaskType"},"payload":{"type":"string"},
      "assigned_at":{"type":["string","null"]},"deadline":{"type":["string","null"]}}}}}})"},
  named_schema{"WorkerAnswer", R"({"type":"object","required":["result"],"properties":{
    "result":{"type":"string","minLength":1,"maxLength":8192}}})"},
  named_schema{"WorkerAnswered", R"({"type":"object","required":["success","task_id","status"],
    "properties":{"success":{"type":"boolean"},"task_id":{"type":"string"},
    "status":{"$ref":"#/components/schemas/TaskState"},"responses":{"type":"integer"}}})"},
};

} // namespace

void add_consensus_schemas(http_router& out) {
  for (const auto& x : consensus_schemas)
    out.schema(std::string{x.name}, std::string{x.text});
  for (const auto& x : task_schemas)
    out.schema(std::string{x.name}, std::string{x.text});
}

} // namespace sluice::net
