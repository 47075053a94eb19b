#include "rules/consensus/task_orders.hpp"

#include "rules/json_text.hpp"

namespace sluice {

namespace {

const task_caller board_operator{"operator", true};

} // namespace

result<std::variant<submit_task_call, cancel_task_call>>
task_order_of(std::string_view name, const std::vector<std::string>& arguments) {
  const auto argument
    = [&arguments](size_t i) { return i < arguments.size() ? arguments[i] : std::string{}; };
  if (name == "tasks cancel")
    return std::variant<submit_task_call, cancel_task_call>{
      cancel_task_call{board_operator, argument(0), "by an operator"}};
  if (name != "tasks submit")
    return fault{ec::refused, std::string{name} + " is no command of this mechanism"};
  const auto type = task_type_of(argument(0));
  if (!type)
    return fault{ec::bad_input, "no such type of task: " + argument(0)};
  submit_task_call call;
  call.caller = board_operator;
  call.type = *type;
  call.payload = argument(1);
  return std::variant<submit_task_call, cancel_task_call>{std::move(call)};
}

std::string shown(const submitted_task& x) {
  return json_object{}
    .add("task", x.task_id)
    .add("state", name_of(x.state))
    .add("is_new", x.is_new)
    .text();
}

std::string shown(const changed_task& x) {
  return json_object{}.add("task", x.task_id).add("state", name_of(x.state)).text();
}

} // namespace sluice
