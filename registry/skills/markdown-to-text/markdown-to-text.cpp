// Plain text out of Markdown, with the links and headings it had.
#include "blocks.hpp"

namespace {

using skill::Call;
using skill::json;
using skill::Params;

std::string footnotes(const std::vector<markdown::Link> &links) {
    std::string out;
    for (std::size_t i = 0; i < links.size(); ++i) out += (i == 0 ? "\n\n[" : "\n[") + std::to_string(i + 1) + "] " +
        links[i].url;
    return out;
}

json convert(const Params &params, Call &call) {
    const auto mode = params.choice("links", {"keep", "drop", "footnotes"});
    markdown::Document document{call, markdown::Links::keep, false, {}, {}};
    document.links = mode == "drop" ? markdown::Links::drop : mode == "footnotes" ? markdown::Links::footnotes :
        markdown::Links::keep;
    document.image_urls = params.choice("images", {"alt", "alt_and_url"}) == "alt_and_url";
    markdown::Blocks blocks(params.text(), document, params.choice("code", {"keep", "drop"}) == "keep", call);
    if (mode == "footnotes") blocks.text += footnotes(document.found);
    json links = json::array(), headings = json::array();
    for (const auto &link : document.found) links.push_back({{"text", link.text}, {"url", link.url}});
    for (const auto &heading : blocks.headings) headings.push_back({{"level", heading.level}, {"text", heading.text}});
    return {{"text", blocks.text}, {"links", links}, {"headings", headings}};
}

constexpr skill::Operation operations[] = {{"convert", convert}};

}  // namespace

PRAXIMOUS_SKILL(operations);
