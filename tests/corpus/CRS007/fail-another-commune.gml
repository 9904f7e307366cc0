<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="http://www.vietbando.com/gml/vlis" xmlns:gmlce="http://www.opengis.net/gml/3.3/ce" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd Thua_Dat.xsd">
  <gml:boundedBy>
    <gml:Envelope srsDimension="2" srsName="urn:ogc:def:crs:EPSG::5898" srsRevert="VN2000_QNinh_3_108" srsProjected="1">
      <gml:lowerCorner>437500.549999999988 2318300</gml:lowerCorner>
      <gml:upperCorner>437510.549999999988 2318312</gml:upperCorner>
    </gml:Envelope>
  </gml:boundedBy>
  <wfs:member>
    <app:Thua_Dat>
      <app:Geometry>
        <gml:Polygon srsDimension="2" srsName="urn:ogc:def:crs:EPSG::5898" srsRevert="VN2000_QNinh_3_108" srsProjected="1">
          <gml:exterior>
            <gml:LinearRing>
              <gml:posList>411501.7 2318417.8 411511.7 2318417.8 411511.7 2318429.8 411501.7 2318429.8 411501.7 2318417.8</gml:posList>
            </gml:LinearRing>
          </gml:exterior>
        </gml:Polygon>
      </app:Geometry>
      <app:soHieuToBanDo>12</app:soHieuToBanDo>
      <app:soThuTuThua>345</app:soThuTuThua>
      <app:maXa>06652</app:maXa>
      <app:mucDichSuDung>ODT+CLN</app:mucDichSuDung>
      <app:dienTich>120</app:dienTich>
      <app:tenChu>Nguyễn Văn Mẫu</app:tenChu>
      <app:diaChi>Tổ 1, khu 2, phường Hà Tu, tỉnh Quảng Ninh</app:diaChi>
    </app:Thua_Dat>
  </wfs:member>
</wfs:FeatureCollection>
